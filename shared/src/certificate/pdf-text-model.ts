/** The text of a PDF, and how much of it is read at all. */
import type { ReadingProblem } from '../model/certificate.ts';

/** One piece of text in one font, with its position on the page. In points; the origin is the lower left corner of the page. */
export interface TextRun {
  /** From 1. */
  page: number;
  x: number;
  /** Baseline. */
  y: number;
  width: number;
  /** Font size. 0 for text that is not upright; certificates have none. */
  size: number;
  /** Identifies a font within one document; equal names mean the same font. */
  font: string;
  text: string;
}

/** A page's size, in points. */
export interface TextPage {
  width: number;
  height: number;
}

export interface PdfText {
  pages: TextPage[];
  runs: TextRun[];
  /** What else the file shows, or how it shows this otherwise; in words. A real certificate has none. */
  additions?: string;
}

export type PdfTextReading = { ok: true; text: PdfText } | { ok: false; problem: ReadingProblem; message: string };

/** A real certificate has one page, 0.4 MB and 190 items (appdome-api.md §6.1), and is read in less than a second and 150 MB. */
export const PDF_LIMITS = {
  bytes: 32 * 2 ** 20,
  pages: 20,
  items: 20_000,
  characters: 200_000,
  readingMs: 30_000,
  /** Of the whole process that reads it. */
  memory: 512 * 2 ** 20,
} as const;

export function notRead(problem: ReadingProblem, message: string): PdfTextReading {
  return { ok: false, problem, message };
}

export const TOOK_TOO_LONG = `Reading took longer than ${PDF_LIMITS.readingMs / 1000} s`;

/** Tells the reader's process to warm up while it has no file yet. It sends no answer. */
export const WARM_UP = 'warm-up';
