import { fileURLToPath } from 'node:url';
import pdfmake from 'pdfmake';
import { layout } from './layout.ts';
import type { Sheet } from './sheet.ts';

// A narrow face with every Vietnamese letter: thirteen columns across a sheet stay legible.
const faces = {
  normal: fileURLToPath(import.meta.resolve('@expo-google-fonts/roboto-condensed/400Regular/RobotoCondensed_400Regular.ttf')),
  bold: fileURLToPath(import.meta.resolve('@expo-google-fonts/roboto-condensed/700Bold/RobotoCondensed_700Bold.ttf')),
  italics: fileURLToPath(
    import.meta.resolve('@expo-google-fonts/roboto-condensed/400Regular_Italic/RobotoCondensed_400Regular_Italic.ttf'),
  ),
};
const files: readonly string[] = Object.values(faces);

/** Draws a book; its fonts are embedded, so it looks the same on every machine. */
export async function draw(sheet: Sheet): Promise<Uint8Array> {
  pdfmake.setFonts({ RobotoCondensed: { ...faces, bolditalics: faces.bold } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => files.includes(path));
  return pdfmake.createPdf(layout(sheet)).getBuffer();
}
