package io.rolehost.runtime.boot;

import io.rolehost.runtime.lifecycle.ExitCode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes signals from the first line of {@code main} on. Before there is a host nothing has been
 * started that would need a stop, so the process ends at once, with the code of an asked stop.
 */
final class EarlySignals {

  private @Nullable Consumer<String> host;

  /** A signal came; on a thread of the machine's. */
  synchronized void received(String name) {
    if (host != null) {
      host.accept(name);
    } else if (!name.equals("HUP")) {
      Departure.halt(ExitCode.OK);
    }
  }

  /** From now on signals go to {@code receiver}, which must return at once. */
  synchronized void deliverTo(Consumer<String> receiver) {
    host = receiver;
  }
}
