package io.rolehost.runtime.process;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The signals TERM, INT and HUP. They reach the host as names, on a thread of the virtual machine's
 * that is to be given back at once.
 *
 * <p>{@code sun.misc.Signal} is the only way to get them without the machine's own exit code 143,
 * and is called by reflection because javac's warning for it can't be suppressed.
 */
public final class Signals {

  private record Known(String name, int number) {}

  private static final List<Known> KNOWN =
      List.of(new Known("TERM", 15), new Known("INT", 2), new Known("HUP", 1));

  private Signals() {}

  /**
   * Takes the signals over. A child of a node ignores INT and HUP: a terminal sends them to the
   * whole process group, and the node, which gets them too, stops its children in order.
   *
   * @return sentences for the log: which signals can't be received, and why
   */
  public static List<String> install(boolean childOfNode, Consumer<String> received) {
    List<String> notices = new ArrayList<>();
    if (!childOfNode) {
      notices.addAll(inheritedAsIgnored());
    }
    for (Known signal : KNOWN) {
      try {
        handle(signal.name(), childOfNode && !signal.name().equals("TERM"), received);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        notices.add(
            "Signal "
                + signal.name()
                + " can't be received ("
                + rootOf(e).getMessage()
                + "); is the JVM started with -Xrs?");
      }
    }
    return notices;
  }

  /**
   * Has a signal that nobody else sends run {@code received}.
   *
   * @throws ReflectiveOperationException if it can't be received
   */
  static void receive(String name, Runnable received) throws ReflectiveOperationException {
    handle(name, false, _ -> received.run());
  }

  /** Says which of our signals this process, and so what it starts, inherited as ignored. */
  public static List<String> inheritedAsIgnored() {
    return inheritedAsIgnored(ignoredMask());
  }

  /**
   * Says which of our signals a parent left ignored. The machine accepts a handler for such a
   * signal and never calls it (seen with {@code nohup} and with {@code &} in scripts).
   *
   * @param mask the bits of {@code SigIgn} in {@code /proc/self/status}; bit 0 is signal 1
   */
  static List<String> inheritedAsIgnored(long mask) {
    List<String> notices = new ArrayList<>();
    for (Known signal : KNOWN) {
      if ((mask & (1L << (signal.number() - 1))) != 0) {
        notices.add(
            "Signal "
                + signal.name()
                + " is ignored: the parent process started this one so (nohup, or & in a script)."
                + " Stop it by TERM or by POST /stop");
      }
    }
    return notices;
  }

  private static long ignoredMask() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("SigIgn:")) {
          return Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux: nobody can tell.
      return 0;
    }
    return 0;
  }

  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
  private static void handle(String name, boolean ignore, Consumer<String> received)
      throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler receiver =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                received.accept(name);
                yield null;
              }
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "handler of " + name;
            };
    Object target =
        ignore
            ? handler.getField("SIG_IGN").get(null)
            : Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, receiver);
    Object _ =
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), target);
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : rootOf(cause);
  }
}
