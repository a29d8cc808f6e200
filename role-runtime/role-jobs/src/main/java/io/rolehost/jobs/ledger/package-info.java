/** What must outlive a process: tracked jobs, checkpoints, keys, ticks, receipts, pauses. */
@NullMarked
package io.rolehost.jobs.ledger;

import org.jspecify.annotations.NullMarked;
