package io.rolehost.jobs.queue;

import io.rolehost.api.Side;
import io.rolehost.jobs.engine.Capability;
import io.rolehost.jobs.engine.Engine;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * What the slots of a process share.
 *
 * @param has what the engine can do
 * @param side of a swap, on which alone messages are taken
 * @param random from 0 up to, not including, 1; varies back-offs
 */
record Parts(
    Link link,
    Engine engine,
    Set<Capability> has,
    Outbox outbox,
    Tracking tracking,
    InstantSource clock,
    Side side,
    DoubleSupplier random) {}
