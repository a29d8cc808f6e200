/**
 * When an instance is started, stopped, retried or given up: a pure table.
 *
 * <p>Nothing here reads a clock, starts a process or waits. The node feeds events in and performs
 * the effects that come out.
 */
@NullMarked
package io.rolehost.node.machine;

import org.jspecify.annotations.NullMarked;
