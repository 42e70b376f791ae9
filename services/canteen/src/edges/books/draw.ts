import { fileURLToPath } from 'node:url';
import pdfmake from 'pdfmake';
import { layout } from './layout.ts';
import type { Sheet } from './sheet.ts';

const face = (file: string) => fileURLToPath(import.meta.resolve(`@expo-google-fonts/roboto-condensed/${file}`));

// A narrow face with every Vietnamese letter: thirteen columns across a sheet stay legible.
const faces = {
  normal: face('400Regular/RobotoCondensed_400Regular.ttf'),
  bold: face('700Bold/RobotoCondensed_700Bold.ttf'),
  italics: face('400Regular_Italic/RobotoCondensed_400Regular_Italic.ttf'),
};
const files: readonly string[] = Object.values(faces);

/** Draws a book; what it prints is embedded with it, so it looks the same on every machine. */
export async function draw(sheet: Sheet): Promise<Uint8Array> {
  pdfmake.setFonts({ RobotoCondensed: { ...faces, bolditalics: faces.bold } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => files.includes(path));
  return pdfmake.createPdf(layout(sheet)).getBuffer();
}
