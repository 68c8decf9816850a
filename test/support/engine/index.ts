export { Engine, type EngineWishes } from "./engine";
