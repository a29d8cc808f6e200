/** Takes messages, has them handled, and ends each attempt as one with what it sent. */
@NullMarked
package io.rolehost.jobs.queue;

import org.jspecify.annotations.NullMarked;
