package io.rolehost.runtime.endpoint;

import static java.util.Objects.requireNonNull;

import io.rolehost.api.Endpoint;
import io.rolehost.api.EndpointServer;
import io.rolehost.api.http.HttpHandler;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import java.net.BindException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An endpoint of the configuration, and what serves it. */
final class DeclaredEndpoint implements Endpoint {

  private enum Opened {
    NOT_YET,
    OPENING,
    OPEN,
    CLOSED
  }

  private final EndpointSettings settings;
  private final ListenerParts parts;
  private volatile int port;
  private volatile Opened opened = Opened.NOT_YET;
  private volatile @Nullable Listener listener;
  private boolean served;

  DeclaredEndpoint(EndpointSettings settings, ListenerParts parts) {
    this.settings = settings;
    this.parts = parts;
    port = settings.port();
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String protocol() {
    return settings.protocol();
  }

  @Override
  public String host() {
    return settings.host();
  }

  @Override
  public int port() {
    return port;
  }

  boolean opensBeforeReady() {
    return settings.openBeforeReady();
  }

  @Override
  public synchronized void serve(HttpHandler handler) {
    requireNonNull(handler, "handler");
    if (!speaksHttp()) {
      throw new IllegalStateException(
          key()
              + " has protocol "
              + protocol()
              + ", and a handler needs http; set "
              + key()
              + ".protocol = http or serve it by an EndpointServer");
    }
    checkFree();
    // Opened before ready, it already listens and has answered 503 up to now.
    HttpListener own = listener instanceof HttpListener waiting ? waiting : ownListener();
    if (own.serve(handler)) {
      listener = own;
      served = true;
    }
  }

  @Override
  public synchronized void serve(EndpointServer server) {
    requireNonNull(server, "server");
    checkFree();
    if (settings.inherit()) {
      throw new IllegalStateException(
          key()
              + " is inherited, which only the host's own server can do: serve it by a handler, or"
              + " remove "
              + key()
              + ".inherit");
    }
    if (opened != Opened.NOT_YET) {
      throw new IllegalStateException(
          key()
              + " is open already: an EndpointServer has to be given before the endpoint opens"
              + (opensBeforeReady() ? "; set " + key() + ".open-before-ready = false" : ""));
    }
    listener = new ForeignListener(name(), server, parts);
    served = true;
  }

  private void checkFree() {
    if (served) {
      throw new IllegalStateException(
          key() + " is served already; one endpoint has one handler or one server");
    }
    if (opened == Opened.CLOSED) {
      throw new IllegalStateException(key() + " is closed: the role is stopping");
    }
  }

  private HttpListener ownListener() {
    return new HttpListener(name(), settings.maxBody(), settings.inherit(), parts);
  }

  private boolean speaksHttp() {
    return protocol().equals("http");
  }

  private String key() {
    return "rolehost.endpoints." + name();
  }

  // ---- for Endpoints

  /** Opens it before the role is ready; what is not served yet answers 503 until it is. */
  void openEarly() throws EndpointOpenException {
    synchronized (this) {
      if (listener == null && speaksHttp()) {
        listener = ownListener();
      }
    }
    Listener early = listener;
    if (early != null) {
      open(early);
    }
  }

  /** Opens it, unless it is open. */
  void open() throws EndpointOpenException {
    Listener ready;
    synchronized (this) {
      ready = served ? listener : null;
    }
    if (ready == null) {
      throw new EndpointOpenException(
          name(),
          host(),
          port,
          key()
              + " is declared, and the role does not serve it: call"
              + " context.endpoint(\""
              + name()
              + "\").serve(…) in onStart or onApplicationStart, or remove "
              + key());
    }
    open(ready);
  }

  private void open(Listener opening) throws EndpointOpenException {
    synchronized (this) {
      if (opened != Opened.NOT_YET) {
        return;
      }
      opened = Opened.OPENING;
    }
    try {
      port = opening.open(host(), settings.port());
      if (!advance(Opened.OPEN)) {
        opening.close(); // a stop came while it was opened
      }
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (VmErrors.in(e)) {
        parts.thrown().accept(e);
      }
      boolean _ = advance(Opened.NOT_YET);
      throw notOpened(e);
    }
  }

  private synchronized boolean advance(Opened to) {
    if (opened == Opened.OPENING) {
      opened = to;
      return true;
    }
    return false;
  }

  private EndpointOpenException notOpened(Throwable cause) {
    boolean taken = isPortTaken(cause);
    String where = host() + ":" + settings.port();
    String sentence;
    if (settings.inherit()) {
      sentence =
          "Endpoint "
              + name()
              + " can't take over a listening socket: "
              + cause.getMessage()
              + ". Start it by a unit of systemd with StandardInput=socket, or set "
              + key()
              + ".inherit = false.";
    } else if (taken) {
      return EndpointOpenException.portTaken(name(), host(), settings.port(), cause);
    } else {
      String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      sentence =
          "Endpoint "
              + name()
              + " can't listen on "
              + where
              + ": "
              + why
              + ". Check "
              + key()
              + ".host and "
              + key()
              + ".port.";
    }
    return new EndpointOpenException(name(), host(), settings.port(), taken, sentence, cause);
  }

  private static boolean isPortTaken(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < 10; i++, cause = cause.getCause()) {
      String message = cause.getMessage();
      if (cause instanceof BindException && message != null && message.contains("in use")) {
        return true;
      }
    }
    return false;
  }

  boolean isOpen() {
    return opened == Opened.OPEN;
  }

  /** Returns what listens, or has listened, if it was ever opened. */
  Optional<Listener> listener() {
    return opened == Opened.NOT_YET ? Optional.empty() : Optional.ofNullable(listener);
  }

  void closeListener() {
    Listener open;
    synchronized (this) {
      open = opened == Opened.OPEN ? listener : null;
      opened = Opened.CLOSED; // what is being opened now sees it and closes itself
    }
    if (open != null) {
      open.closeListener();
    }
  }

  void close() {
    closeListener();
    listener().ifPresent(Listener::close);
  }

  EndpointFacts facts() {
    Listener known = listener().orElse(null);
    return new EndpointFacts(
        name(),
        protocol(),
        host(),
        port,
        isOpen() && known != null && known.death().isEmpty(),
        known == null ? 0 : known.inFlight(),
        known == null ? 0 : known.served());
  }
}
