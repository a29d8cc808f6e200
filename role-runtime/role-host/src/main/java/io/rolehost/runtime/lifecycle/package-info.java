/** States, events, transitions and the deadline ledger of a host. Pure: no clock, thread or I/O. */
@NullMarked
package io.rolehost.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
