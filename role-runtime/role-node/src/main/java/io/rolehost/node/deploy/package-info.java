/**
 * How instances are renewed a few at a time: what decides about restarts, deploys and rollbacks.
 * Pure: no clock, thread, I/O or logger.
 */
@NullMarked
package io.rolehost.node.deploy;

import org.jspecify.annotations.NullMarked;
