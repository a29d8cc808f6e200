package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.INFO;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Stage;
import io.rolehost.api.RoleContext;
import io.rolehost.api.WebRole;
import io.rolehost.api.http.HttpResponse;
import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.lifecycle.HostEvent;
import io.rolehost.runtime.lifecycle.HostState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A start from which a node makes a start-up cache, in a state directory of its own, that ends by
 * itself. It goes through a whole life with a role of the host's own in place of the user's, whose
 * class is loaded and not initialised: no code of the user's runs. The node freezes it, since an
 * older host would run the role; this one passes the checks nevertheless.
 */
final class Training {

  private static final System.Logger LOG = System.getLogger("rolehost");
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final int LOOKS = 3_000; // half a minute
  private static final int PROBE_TIMEOUT_MILLIS = 5_000;
  private static final int CHECKS = 3;
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
      await(state -> state instanceof HostState.Gate(_, boolean held) && held);
      ask(port, List.of("/livez", "/readyz", "/startupz", "/status"));
      OwnClasses.load(settings.roleClass().orElse(""));
      var _ =
          Guice.createInjector(Stage.DEVELOPMENT, new Warm(settings)).getInstance(Injected.class);
      live();
      LOG.log(INFO, "Trained");
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.log(INFO, "Trained in part only", e);
    }
    loop.post(new HostEvent.SignalReceived("TERM"));
  }

  /** Goes on to where the role runs. */
  private void live() throws IOException {
    for (int check = 1; check <= CHECKS; check++) {
      int at = check;
      await(
          state -> state instanceof HostState.Gate(int asked, boolean held) && asked == at && held);
      loop.post(new HostEvent.FreezeAnswer(check, false));
    }
    await(HostState.Running.class::isInstance);
    ask(port, List.of("/readyz"));
  }

  private void await(Predicate<HostState> state) throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      if (state.test(loop.state())) {
        return;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    throw new IOException("it never got beyond " + loop.state());
  }

  private static void ask(int port, List<String> paths) throws IOException {
    for (String path : paths) {
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
  }

  /**
   * What lives in place of the user's role. It has no task and is sent no request: observers of the
   * user's would be told of them.
   */
  static final class StandIn implements WebRole {
    private final Set<String> endpoints;

    StandIn(Set<String> endpoints) {
      this.endpoints = Set.copyOf(endpoints);
    }

    @Override
    public boolean onStart(RoleContext context) {
      AutoCloseable _ = context.closeOnStop(() -> {});
      return true;
    }

    @Override
    public void onApplicationStart(RoleContext context) {
      for (String endpoint : endpoints) {
        context.endpoint(endpoint).serve(_ -> HttpResponse.text(200, "trained"));
      }
    }

    @Override
    public void run(RoleContext context) throws InterruptedException {
      context.stopToken().await();
    }
  }

  /** What is injected as a role is. */
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
