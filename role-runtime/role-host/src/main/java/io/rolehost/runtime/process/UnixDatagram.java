package io.rolehost.runtime.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/**
 * One datagram to a UNIX socket, which the JDK has no channel for. Loaded only when it is needed:
 * the JVM prints a warning about native access at its first use unless that is enabled. For Linux.
 */
final class UnixDatagram {

  // Of Linux, the same on x86-64 and aarch64.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDTIMEO = 21;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int EINTR = 4;
  private static final int SUN_PATH_BYTES = 108;
  private static final int FAMILY_BYTES = 2;

  /** Of the receiver's full queue: systemd may be slow, but must not hold a role up. */
  private static final long SEND_LIMIT_SECONDS = 1;

  private static final int ATTEMPTS = 3;

  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      function(
          "socket",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      function(
          "setsockopt",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              POINTER,
              ValueLayout.JAVA_INT));
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              POINTER,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              POINTER,
              ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private UnixDatagram() {}

  /**
   * Sends a datagram.
   *
   * @param address an absolute path, or {@code @name} for an abstract socket
   * @throws IOException if it can't be sent, with the errno
   */
  static void send(String address, byte[] message) throws IOException {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      throw new IOException("only Linux has such a socket");
    }
    byte[] path = path(address);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO_LAYOUT);
      int descriptor = (int) SOCKET.invokeExact(errno, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (descriptor < 0) {
        throw failed("socket", errno);
      }
      try {
        limitSending(arena, errno, descriptor);
        send(arena, errno, descriptor, path, message);
      } finally {
        int _ = (int) CLOSE.invokeExact(errno, descriptor);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e); // a method handle declares it; these functions throw nothing
    }
  }

  private static void limitSending(Arena arena, MemorySegment errno, int descriptor)
      throws Throwable {
    MemorySegment limit =
        arena.allocateFrom(ValueLayout.JAVA_LONG, SEND_LIMIT_SECONDS, 0L); // struct timeval
    int result =
        (int)
            SETSOCKOPT.invokeExact(
                errno, descriptor, SOL_SOCKET, SO_SNDTIMEO, limit, (int) limit.byteSize());
    if (result < 0) {
      throw failed("setsockopt", errno);
    }
  }

  private static void send(
      Arena arena, MemorySegment errno, int descriptor, byte[] path, byte[] message)
      throws Throwable {
    MemorySegment address = arena.allocate(FAMILY_BYTES + SUN_PATH_BYTES, Short.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
    MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
    // An abstract name is as long as it is said to be: a NUL at its end would be part of it.
    int length = FAMILY_BYTES + path.length;
    for (int attempt = 1; ; attempt++) {
      long sent =
          (long)
              SENDTO.invokeExact(
                  errno, descriptor, bytes, (long) message.length, MSG_NOSIGNAL, address, length);
      if (sent >= 0) {
        return;
      }
      if ((int) ERRNO.get(errno, 0L) != EINTR || attempt == ATTEMPTS) {
        throw failed("sendto", errno);
      }
    }
  }

  private static byte[] path(String address) throws IOException {
    byte[] path = address.getBytes(UTF_8);
    if (path.length == 0 || (path[0] != '/' && path[0] != '@')) {
      throw new IOException("neither an absolute path nor @ and a name");
    }
    if (path.length >= SUN_PATH_BYTES) {
      throw new IOException("longer than a socket's address can be");
    }
    if (path[0] == '@') {
      path[0] = 0;
    }
    return path;
  }

  private static IOException failed(String call, MemorySegment errno) {
    int number = (int) ERRNO.get(errno, 0L);
    String meaning =
        switch (number) {
          case 2 -> " (there is no such socket)";
          case 11 -> " (it takes nothing at present)";
          case 13 -> " (not allowed)";
          case 111 -> " (nobody listens)";
          default -> "";
        };
    return new IOException(call + " failed with errno " + number + meaning);
  }

  @SuppressWarnings("restricted") // this class is where native access is used, and why it is asked
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }
}
