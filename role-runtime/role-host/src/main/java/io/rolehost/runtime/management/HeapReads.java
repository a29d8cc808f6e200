package io.rolehost.runtime.management;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Reads into small arrays. Where Netty has {@code Unsafe} it would read into memory outside of the
 * heap, which without a pool costs more to get and give back than a request does to answer.
 */
final class HeapReads extends DefaultMaxMessagesRecvByteBufAllocator {

  /** A request of a prober has some hundred bytes; of a longer one the rest comes later. */
  private static final int BYTES_A_READ = 1024;

  @SuppressWarnings("deprecation") // the only kind of handle that the superclass can make
  @Override
  public Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return BYTES_A_READ;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return allocator.heapBuffer(BYTES_A_READ);
      }
    };
  }
}
