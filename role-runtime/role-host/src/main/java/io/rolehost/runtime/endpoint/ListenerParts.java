package io.rolehost.runtime.endpoint;

import io.netty.channel.EventLoopGroup;
import io.rolehost.runtime.process.Ticks;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What all listeners of a role share.
 *
 * @param answered told the status of each answer
 * @param thrown told of what a handler threw, and of each error of the virtual machine
 * @param loops starts the event loops when first asked
 */
record ListenerParts(
    HttpLimits limits,
    Ticks ticks,
    AnswerDate date,
    IntConsumer answered,
    Consumer<Throwable> thrown,
    Supplier<EventLoopGroup> loops) {}
