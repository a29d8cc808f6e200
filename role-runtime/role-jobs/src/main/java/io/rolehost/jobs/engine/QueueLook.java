package io.rolehost.jobs.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * One look at a queue.
 *
 * @param waiting messages that could be taken now
 * @param taken messages that a receiver has and has not finished
 * @param scheduled messages whose time has not come
 * @param receivers how many there are, in all processes
 * @param oldest how long the first of the waiting has been there
 */
public record QueueLook(
    String name,
    long waiting,
    long taken,
    long scheduled,
    int receivers,
    Optional<Duration> oldest) {}
