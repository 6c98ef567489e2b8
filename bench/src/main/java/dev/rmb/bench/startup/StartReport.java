package dev.rmb.bench.startup;

/**
 * One start.
 *
 * @param readySeconds from the start of the process to its word that it serves
 * @param firstEnvelopeSeconds to the arrival of the first envelope, which was sent as soon as two
 *     sessions were let in
 * @param rssMebibytes memory resident when it has settled, of all its processes
 * @param idleCpuPercent of one processor, while nobody used it
 */
public record StartReport(
        double readySeconds,
        double firstEnvelopeSeconds,
        double rssMebibytes,
        double idleCpuPercent) {}
