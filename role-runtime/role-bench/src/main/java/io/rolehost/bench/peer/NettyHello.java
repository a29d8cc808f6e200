package io.rolehost.bench.peer;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

/**
 * Netty as its own example shows it, answering 200 and "hello". On TERM it flips to 503 and goes on
 * serving: the shortest way from a signal to a red probe that there is.
 */
final class NettyHello {

  private static volatile boolean stopping;

  private NettyHello() {}

  public static void main(String[] args) throws Exception {
    onTerm(() -> stopping = true);
    int threads = Integer.getInteger("bench.threads", 1);
    var handler = new Hello();
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory()))
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                ChannelPipeline pipeline = channel.pipeline();
                pipeline.addLast(new HttpServerCodec());
                pipeline.addLast(handler);
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync();
  }

  @Sharable
  private static final class Hello extends SimpleChannelInboundHandler<HttpObject> {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (message instanceof HttpRequest request) {
        var response =
            new DefaultFullHttpResponse(
                HTTP_1_1, stopping ? SERVICE_UNAVAILABLE : OK, Unpooled.wrappedBuffer(HELLO));
        response
            .headers()
            .set(HttpHeaderNames.CONTENT_TYPE, "text/plain")
            .setInt(HttpHeaderNames.CONTENT_LENGTH, HELLO.length);
        ChannelFuture written = context.write(response);
        if (!HttpUtil.isKeepAlive(request)) {
          written.addListener(ChannelFutureListener.CLOSE);
        }
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }

  /** As the host does it: by reflection, because javac can't be told to accept the direct call. */
  private static void onTerm(Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object proxy =
        Proxy.newProxyInstance(
            handler.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) -> {
              if (method.getName().equals("handle")) {
                action.run();
              }
              return null;
            });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), proxy);
  }
}
