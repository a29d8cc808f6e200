package io.rolehost.node;

import io.rolehost.node.Supervised.Reported;
import io.rolehost.node.control.LocalHttp;
import io.rolehost.node.process.Launcher;
import io.rolehost.node.solution.Ready;
import io.rolehost.node.solution.RoleSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a program that is no role host again and again whether it is ready, by its port, on a
 * virtual thread of its own, until it is closed. Often while it starts; seldom afterwards.
 */
final class ProgramProbe implements Probe {
  private static final long STARTING_MILLIS = 50;
  private static final long UP_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int OK = 200;
  private static final int FIRST_REFUSAL = 400;

  private final int port;
  private final Question question;
  private final ChildProbe.Told told;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * What is asked, and what is made of the answers.
   *
   * @param path asked by HTTP; empty = it is enough that the port takes a connection
   * @param firstRefusal the lowest status that is no good answer
   * @param upMillis from one to the next once it was ready
   * @param failures how many bad ones in a row take it back
   */
  private record Question(String path, int firstRefusal, long upMillis, int failures) {}

  private ProgramProbe(int port, Question question, ChildProbe.Told told) {
    this.port = port;
    this.question = question;
    this.told = told;
  }

  /**
   * Makes what finds out whether an instance is ready; where it is so at once, that is said.
   *
   * @throws IOException if it can't be found out
   */
  static Probe of(Supervised instance, Launcher launcher, ChildProbe.Told told) throws IOException {
    RoleSpec role = instance.role();
    int n = instance.number();
    return switch (role.ready()) {
      case Ready.AtStart _ -> {
        told.accept(true, Reported.NOTHING);
        yield () -> {};
      }
      case Ready.Descriptor(int number) -> {
        String reason = "has not yet said by descriptor " + number + " that it is";
        told.accept(false, new Reported(0, "", reason));
        yield launcher.listen(role, n, () -> told.accept(true, Reported.NOTHING))::close;
      }
      case Ready.Listening where ->
          start(
              instance.id(),
              where.portOf(n, launcher.portsOf(role, n)),
              new Question("", FIRST_REFUSAL, UP_MILLIS, 1),
              told);
      case Ready.Http(String path, Ready.Listening where) ->
          start(
              instance.id(),
              where.portOf(n, launcher.portsOf(role, n)),
              new Question(path, FIRST_REFUSAL, UP_MILLIS, 1),
              told);
      case Ready.Probed probed ->
          start(
              instance.id(),
              probed.where().portOf(n, launcher.portsOf(role, n)),
              new Question(probed.path(), OK + 1, probed.interval().toMillis(), probed.failures()),
              told);
    };
  }

  private static Probe start(String instanceId, int port, Question question, ChildProbe.Told told) {
    ProgramProbe probe = new ProgramProbe(port, question, told);
    Thread.ofVirtual().name("probe-" + instanceId).start(probe::ask);
    return probe;
  }

  private void ask() {
    boolean ready = false;
    boolean wasReady = false;
    int bad = 0;
    told.accept(false, new Reported(0, "", waitsFor()));
    try {
      while (!closed.await(
          wasReady ? question.upMillis() : STARTING_MILLIS, TimeUnit.MILLISECONDS)) {
        boolean good = isReady();
        bad = good ? 0 : bad + 1;
        boolean now = good || (ready && bad < question.failures());
        if (now != ready && closed.getCount() > 0) {
          told.accept(now, new Reported(0, "", now ? "" : waitsFor()));
        }
        ready = now;
        wasReady |= now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String waitsFor() {
    return question.path().isEmpty()
        ? "port " + port + " takes no connection"
        : "GET " + question.path() + " at port " + port + " is not answered well";
  }

  private boolean isReady() {
    try {
      if (!question.path().isEmpty()) {
        int status = LocalHttp.to(port, PATIENCE).get(question.path()).status();
        return status >= OK && status < question.firstRefusal();
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            (int) PATIENCE.toMillis());
        return true;
      }
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
