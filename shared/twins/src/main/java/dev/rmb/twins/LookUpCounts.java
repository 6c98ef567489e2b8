package dev.rmb.twins;

/**
 * What became of look-ups since the start.
 *
 * @param hits answered from memory
 * @param stale of these, while changes could not be heard of
 * @param misses asked at the source
 * @param failures of these, not answered
 */
public record LookUpCounts(long hits, long stale, long misses, long failures) {}
