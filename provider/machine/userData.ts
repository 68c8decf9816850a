import { DEFAULT_MODE, type UserData } from "../../model/resources/machine/userData";
import type { Host } from "../docker/host";
import { uploadTexts } from "../docker/upload";

/** Writes the files into a machine that has not started yet. */
export async function writeUserData(host: Host, container: string, userData: UserData): Promise<void> {
    const files = Object.entries(userData).map(([path, file]) => {
        const { content, mode = DEFAULT_MODE } = typeof file === "string" ? { content: file } : file;
        return { path, content, mode: parseInt(mode, 8) };
    });
    if (files.length > 0) await uploadTexts(host, container, files);
}
