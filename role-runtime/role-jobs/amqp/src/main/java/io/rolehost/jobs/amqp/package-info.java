/** Jobs on AMQP 1.0 brokers and Azure Service Bus. */
@NullMarked
package io.rolehost.jobs.amqp;

import org.jspecify.annotations.NullMarked;
