package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Stage;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A start from which a node makes a start-up cache: a frozen one, in a state directory of its own,
 * that ends by itself. It has the JVM load what a start needs and runs no code of the user's: the
 * role's class is loaded and not initialised.
 */
final class Training {

  private static final System.Logger LOG = System.getLogger("rolehost");
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final int LOOKS = 3_000; // half a minute
  private static final int PROBE_TIMEOUT_MILLIS = 5_000;
  private final HostLoop loop;
  private final HostSettings settings;
  private final int port;

  private Training(HostLoop loop, HostSettings settings, int port) {
    this.loop = loop;
    this.settings = settings;
    this.port = port;
  }

  /** Returns whether this process is started for that. */
  static boolean isWanted(Map<String, String> environment) {
    return "training".equals(environment.get(Standby.VARIABLE));
  }

  /** Begins it, on a thread of its own; returns at once. */
  static void begin(HostLoop loop, HostSettings settings, int managementPort) {
    HostThread.start("training", new Training(loop, settings, managementPort)::run);
  }

  private void run() {
    try {
      awaitHeld();
      for (String path : List.of("/livez", "/readyz", "/startupz", "/status")) {
        probe(path);
      }
      OwnClasses.load();
      loadRole();
      var _ =
          Guice.createInjector(Stage.DEVELOPMENT, new Warm(settings)).getInstance(Injected.class);
      LOG.log(INFO, "Trained");
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.log(INFO, "Trained in part only", e);
    }
    loop.post(new HostEvent.SignalReceived("TERM"));
  }

  private void awaitHeld() {
    for (int i = 0; i < LOOKS; i++) {
      if (loop.state() instanceof HostState.Gate(_, boolean held) && held) {
        return;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private void probe(String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(US_ASCII));
      var _ = socket.getInputStream().readAllBytes();
    }
  }

  private void loadRole() {
    settings.roleClass().ifPresent(OwnClasses::load);
  }

  /** What stands for a role. */
  static final class Injected {
    @Inject
    Injected(HostSettings settings) {
      LOG.log(INFO, "Trains for {0}", settings.roleName());
    }
  }

  private static final class Warm extends AbstractModule {
    private final HostSettings settings;

    Warm(HostSettings settings) {
      this.settings = settings;
    }

    @Override
    protected void configure() {
      bind(HostSettings.class).toInstance(settings);
    }
  }
}
