/** What concerns the process: signals, exit, thread dumps, systemd, startup tasks, locks, time. */
@NullMarked
package io.rolehost.runtime.process;

import org.jspecify.annotations.NullMarked;
