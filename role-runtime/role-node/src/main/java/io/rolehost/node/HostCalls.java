package io.rolehost.node;

import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.control.RunFile;
import io.rolehost.runtime.management.Caller;
import io.rolehost.runtime.management.Managed.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Asks the role hosts of a node over their own planes, for those who ask the node. Few at a time:
 * one that does not answer must not take every worker of the node's plane. Any thread.
 */
final class HostCalls {

  private static final Duration LOOK = Duration.ofSeconds(2);

  /** A task that is to leave has seconds for that, and work of the role's may take its time. */
  private static final Duration ACT = Duration.ofSeconds(10);

  private static final int AT_ONCE = 3;

  private final Path stateDir;
  private final Semaphore permits = new Semaphore(AT_ONCE);

  HostCalls(Path stateDir) {
    this.stateDir = stateDir;
  }

  /** Returns what a role host says of itself. */
  Answer status(Supervised instance) {
    return ask(instance, "GET", "/status", "");
  }

  /**
   * Hands on a request of somebody whose right was looked at. It is shown the token that the host
   * left for its user: those that write always, others where the host lets nobody read without.
   *
   * @param caller who it is, which the host writes down of what writes
   */
  Answer ask(Supervised instance, String method, String target, String caller) {
    int port = instance.reported().port();
    if (port <= 0 || !instance.life().state().isLive()) {
      return problem(
          409,
          instance.id()
              + " "
              + (instance.role().roleHost()
                  ? "has no plane now: it is "
                  : "is no role host and has no plane; it is ")
              + instance.word()
              + ". Try again when it runs.");
    }
    if (!permits.tryAcquire()) {
      return problem(503, "Too many requests for role hosts are being answered. Try again.");
    }
    try {
      LocalHttp http =
          new RunFile(0, port, tokenFile(instance)).plane(method.equals("GET") ? LOOK : ACT);
      LocalHttp.Response response =
          method.equals("GET")
              ? http.get(target)
              : http.withToken(Files.readString(tokenFile(instance)).strip())
                  .with(Caller.HEADER, caller)
                  .send(method, target, "");
      return new Answer(response.status(), response.json());
    } catch (IOException e) {
      return problem(503, instance.id() + " does not answer on port " + port + ": " + e);
    } finally {
      permits.release();
    }
  }

  private Path tokenFile(Supervised instance) {
    return stateDir.resolve("run").resolve(instance.id() + ".token");
  }

  static Answer problem(int status, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", status == 404 ? "Not Found" : status == 409 ? "Not Now" : "Unavailable");
    body.put("status", status);
    body.put("detail", detail);
    return new Answer(status, body);
  }
}
