package io.rolehost.runtime.management;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.rolehost.runtime.management.IdleOrder.Rank;
import io.rolehost.runtime.readiness.Verdict;
import java.util.concurrent.TimeUnit;

/**
 * HAProxy's agent check: says one line to whoever connects. What HAProxy sends by {@code
 * agent-send} is read and not looked at. Of the plane's thread.
 */
final class AgentCheck extends ChannelInboundHandlerAdapter {

  /** A check takes a round trip; more at a time than this are not checks. */
  private static final int MAX_CONNECTIONS = 64;

  private static final int LINGER_MILLIS = 1_000;

  private final Managed view;
  private final IdleOrder<Channel> order;

  AgentCheck(Managed view, IdleOrder<Channel> order) {
    this.view = view;
    this.order = order;
  }

  /** Returns the words for a verdict. {@code ready} is needed to undo a drain or maint. */
  static String line(Verdict verdict) {
    if (verdict.ready()) {
      return "up ready 100%\n";
    }
    boolean held =
        verdict.reasons().stream()
            .anyMatch(reason -> !reason.ok() && reason.name().equals("freeze"));
    return held ? "maint\n" : "drain\n";
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Channel channel = context.channel();
    order.touch(channel, Rank.WAITING);
    if (order.size() > MAX_CONNECTIONS) {
      order.idleLongest(channel).ifPresent(AgentCheck::close);
    }
    var _ = context.executor().schedule(() -> close(channel), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    context
        .writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), line(view.readiness())))
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (done.channel() instanceof SocketChannel socket) {
                    var _ = socket.shutdownOutput();
                  }
                });
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    context.read();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    order.remove(context.channel());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    close(context.channel());
  }

  private static void close(Channel channel) {
    var _ = channel.close();
  }
}
