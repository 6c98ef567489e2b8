package dev.rmb.reliability.load;

import java.time.Duration;

/**
 * How a restless receiver behaves, again and again. Each time is what he takes at most; the least
 * is a quarter of it.
 *
 * @param stay how long he is connected and reads
 * @param deaf how long he does not read then
 * @param away how long he is not connected then; zero: he connects anew at another gateway before
 *     he leaves the one where he is
 * @param reset whether he leaves with RST
 */
public record Habits(Duration stay, Duration deaf, Duration away, boolean reset) {}
