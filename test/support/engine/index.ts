export { Engine, type EngineWishes } from "./engine";
export { Sshd } from "./sshd";
