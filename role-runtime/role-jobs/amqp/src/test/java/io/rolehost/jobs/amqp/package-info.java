/** Background work by AMQP 1.0, on a real broker. */
@NullMarked
package io.rolehost.jobs.amqp;

import org.jspecify.annotations.NullMarked;
