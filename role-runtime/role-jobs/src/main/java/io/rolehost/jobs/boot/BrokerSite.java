package io.rolehost.jobs.boot;

import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.BrokerFile;
import io.rolehost.jobs.engine.BrokerHouse;
import io.rolehost.jobs.engine.LocalBroker;
import io.rolehost.jobs.queue.Link;
import io.rolehost.jobs.queue.Link.NoBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the broker: by its URL, by {@code broker.conf}, or by starting it in this process. One
 * thread at a time asks, the one that connects.
 */
public final class BrokerSite implements Link.Site, AutoCloseable {

  private final JobsSettings settings;
  private final boolean underNode;
  private final Optional<LocalBroker> kind;
  private @Nullable CompletableFuture<Optional<BrokerHouse>> starting;
  private boolean closed;

  /** Finds nothing yet. */
  BrokerSite(JobsSettings settings, boolean underNode) {
    this.settings = settings;
    this.underNode = underNode;
    this.kind = installed();
  }

  /** Returns the broker on the class path. */
  static Optional<LocalBroker> installed() {
    return ServiceLoader.load(LocalBroker.class, LocalBroker.class.getClassLoader()).findFirst();
  }

  @Override
  public BrokerAddress find() throws NoBroker, InterruptedException {
    JobsSettings.Broker broker = settings.broker();
    if (broker.url().isPresent()) {
      return new BrokerAddress(
          broker.url().get(), broker.user(), broker.password(), broker.lostAfter(), broker.kind());
    }
    Optional<BrokerAddress> own = own();
    if (own.isPresent()) {
      return own.get();
    }
    Optional<BrokerFile> file = file();
    if (file.isPresent() && file.get().alive()) {
      return file.get().address();
    }
    if (!mayStart()) {
      throw new NoBroker(nobody(file));
    }
    return started();
  }

  private Optional<BrokerFile> file() throws NoBroker {
    try {
      return BrokerFile.read(settings.directory(), settings.broker().lostAfter());
    } catch (IOException e) {
      throw new NoBroker(
          BrokerFile.in(settings.directory())
              + " can't be read: "
              + e
              + ". It is for the user whose process runs the broker; run both as one user, or set"
              + " rolehost.jobs.broker.url, user and password",
          e);
    }
  }

  private boolean mayStart() {
    return kind.isPresent()
        && switch (settings.broker().embedded()) {
          case ON -> true;
          case OFF -> false;
          case AUTO -> !underNode;
        };
  }

  private String nobody(Optional<BrokerFile> file) {
    return "no broker runs for "
        + settings.directory()
        + file.map(left -> " (process " + left.pid() + ", which did, is gone)").orElse("")
        + (underNode
            ? "; the node starts one where the solution has the broker role: rolehost-broker.jar,"
                + " with the same rolehost.jobs.directory"
            : kind.isEmpty()
                ? ", and this role has none to start: add io.rolehost:role-jobs-artemis"
                : ", and rolehost.jobs.broker.embedded is off")
        + ". Or set rolehost.jobs.broker.url";
  }

  private synchronized Optional<BrokerAddress> own() {
    CompletableFuture<Optional<BrokerHouse>> made = starting;
    return made == null || !made.isDone() || made.isCompletedExceptionally()
        ? Optional.empty()
        : made.join().map(house -> house.broker().here());
  }

  /**
   * The start itself is on a thread of its own, since a broker that is interrupted half way is in
   * no good state: who waits may be interrupted, and asks again.
   */
  private BrokerAddress started() throws NoBroker, InterruptedException {
    CompletableFuture<Optional<BrokerHouse>> made = begun();
    try {
      Optional<BrokerHouse> house = made.get();
      if (house.isPresent()) {
        return house.get().broker().here();
      }
      forget();
      throw new NoBroker(
          "another process is starting the broker of " + settings.directory() + " just now");
    } catch (ExecutionException e) {
      forget();
      throw new NoBroker(
          "the broker of "
              + settings.directory()
              + " can't be started in this process: "
              + e.getCause()
              + ". See its folder and the log",
          e);
    }
  }

  private synchronized CompletableFuture<Optional<BrokerHouse>> begun() throws NoBroker {
    if (closed) {
      throw new NoBroker("the role stops");
    }
    CompletableFuture<Optional<BrokerHouse>> made = starting;
    if (made == null) {
      made = new CompletableFuture<>();
      starting = made;
      Thread _ = Thread.ofPlatform().daemon().name("jobs-broker-start").start(start(made));
    }
    return made;
  }

  private synchronized void forget() {
    starting = null;
  }

  private Runnable start(CompletableFuture<Optional<BrokerHouse>> made) {
    return () -> {
      try {
        Path directory = settings.directory();
        made.complete(BrokerHouse.open(directory, kind.orElseThrow(), settings.localBroker()));
      } catch (Throwable failed) { // goes to whoever waits
        made.completeExceptionally(failed);
      }
    };
  }

  /** Stops the broker if it runs in this process. */
  @Override
  public void close() {
    CompletableFuture<Optional<BrokerHouse>> made;
    synchronized (this) {
      closed = true;
      made = starting;
    }
    if (made != null) {
      made.exceptionally(failed -> Optional.empty()).join().ifPresent(BrokerHouse::close);
    }
  }
}
