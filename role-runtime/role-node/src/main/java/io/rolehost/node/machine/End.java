package io.rolehost.node.machine;

import java.time.Duration;

/**
 * How a process ended.
 *
 * @param incarnation which start it was
 * @param code the exit code; 128 + n where a signal ended it
 * @param lived from start to end
 * @param asked whether this node had asked for it
 */
public record End(long incarnation, int code, Duration lived, boolean asked) {}
