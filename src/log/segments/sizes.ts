/** How large the engine's files and caches may get. */
export type SegmentLogSizes = {
  /** The first journal files' size; it doubles with each that fills up, so that an empty server needs little disk. */
  readonly journalFileBytesMin: number;
  readonly journalFileBytesMax: number;
  /** Appends wait when more than this is in full journal files and not in segments yet. */
  readonly journalBacklogBytesMax: number;
  /** A segment is continued until it has this many bytes. */
  readonly segmentBytesMax: number;
  /** Records of one partition are sealed in rows of about this many bytes. */
  readonly runBytes: number;
  /** Budget of the newest records in memory; what is in no segment yet is kept beyond it. */
  readonly tailBytesMax: number;
  /** It is kept in slabs of this size. */
  readonly slabBytes: number;
  /** As much is sealed by the host's other thread. */
  readonly asideBytesMin: number;
  /** Without syncs: a frame as long is written to the journal by one of the disk's threads. */
  readonly writeAsideBytesMin: number;
  /** How many frames of the journal are sealed and written at once. */
  readonly framesAtOnce: number;
  /** Fewer small appends wait for company when there is some to be had: a frame costs as much as two small requests do. */
  readonly companyAppends: number;
  readonly indexCacheBytes: number;
  readonly runCacheBytes: number;
  /** What is given up on a full disk, so that dropping and trimming still work. */
  readonly reserveBytes: number;
  /** The manifest is not replaced for fewer bytes of edits. */
  readonly manifestEditBytesMin: number;
};

const MIB = 1024 * 1024;

export const SEGMENT_LOG_SIZES: SegmentLogSizes = Object.freeze({
  journalFileBytesMin: 4 * MIB,
  journalFileBytesMax: 32 * MIB,
  journalBacklogBytesMax: 32 * MIB,
  segmentBytesMax: 64 * MIB,
  runBytes: 256 * 1024,
  tailBytesMax: 48 * MIB,
  slabBytes: 4 * MIB,
  asideBytesMin: 128 * 1024,
  writeAsideBytesMin: MIB,
  framesAtOnce: 3,
  companyAppends: 4,
  indexCacheBytes: 8 * MIB,
  runCacheBytes: 24 * MIB,
  reserveBytes: 2 * MIB,
  manifestEditBytesMin: 256 * 1024,
});
