package io.rolehost.jobs.engine;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A broker that runs inside a process of ours and keeps its messages in a folder. Found by {@link
 * java.util.ServiceLoader}.
 */
public interface LocalBroker {

  /**
   * Starts it; returns when it takes connections.
   *
   * @throws Exception if it can't; nothing of it runs then
   */
  Running start(Settings settings) throws Exception;

  /** A broker that runs; closing it loses nothing. */
  interface Running extends AutoCloseable {

    /** Returns its address for this process. */
    BrokerAddress here();

    /** Returns its address for other processes of this machine. */
    BrokerAddress there();

    /** Returns what is wrong with it, or an empty text. */
    String problem();

    @Override
    void close();
  }

  /**
   * How it is to run.
   *
   * @param folder of its journal; its own
   * @param host that it listens on
   * @param port 0 for any that is free
   * @param maxDiskUsage percent of the disk's space, over which it lets senders wait
   * @param memory for messages, in bytes; what is over it lies on disk alone
   */
  record Settings(
      Path folder,
      String host,
      int port,
      String user,
      String password,
      int maxDiskUsage,
      long memory,
      Duration lostAfter) {

    @Override
    public String toString() {
      return "LocalBroker.Settings[" + folder + ", " + host + ":" + port + "]";
    }
  }
}
