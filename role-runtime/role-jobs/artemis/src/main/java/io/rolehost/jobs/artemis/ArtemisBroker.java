package io.rolehost.jobs.artemis;

import io.rolehost.jobs.engine.BrokerAddress;
import io.rolehost.jobs.engine.LocalBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** Artemis inside a process of ours: a durable journal, one user, one port. */
public final class ArtemisBroker implements LocalBroker {

  /**
   * How long the journal gathers writes for one sync, in nanoseconds. The default of 3.3 ms lets a
   * single sender have some 200 messages a second; measured 600 to 800 with this.
   */
  private static final int JOURNAL_BUFFER_NANOS = 100_000;

  private static final int JOURNAL_FILE_BYTES = 10 * 1024 * 1024;
  private static final int GROUP_BUCKETS = 1024;
  private static final String ACCEPTOR = "jobs";
  private static final String ROLE = "jobs";

  private static final AtomicInteger SERVERS = new AtomicInteger();

  /** Called by {@link java.util.ServiceLoader}. */
  public ArtemisBroker() {}

  @Override
  public Running start(Settings settings) throws Exception {
    int number = SERVERS.incrementAndGet();
    ActiveMQServer server =
        new JobsServer(
            configuration(settings, number),
            new OneUser(settings.user(), settings.password(), ROLE));
    try {
      server.start();
      if (!server.isActive()) {
        throw new IOException(
            "The broker did not become active; its log lines say why. Folder: "
                + settings.folder());
      }
      return new Started(server, settings, number);
    } catch (Exception | Error failed) {
      server.stop();
      throw failed;
    }
  }

  private static Configuration configuration(Settings settings, int number) throws Exception {
    Path folder = settings.folder();
    Files.createDirectories(folder);
    Configuration configuration = new ConfigurationImpl();
    configuration.setName("jobs-" + number);
    configuration.setPersistenceEnabled(true);
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalDatasync(true);
    configuration.setJournalBufferTimeout_NIO(JOURNAL_BUFFER_NANOS);
    configuration.setJournalFileSize(JOURNAL_FILE_BYTES);
    configuration.setJournalDirectory(folder.resolve("journal").toString());
    configuration.setBindingsDirectory(folder.resolve("bindings").toString());
    configuration.setLargeMessagesDirectory(folder.resolve("large").toString());
    configuration.setPagingDirectory(folder.resolve("paging").toString());
    configuration.setNodeManagerLockDirectory(folder.resolve("lock").toString());
    // Else a job that ends the process it shares with the broker would be tried for ever.
    configuration.setPersistDeliveryCountBeforeDelivery(true);
    configuration.setJMXManagementEnabled(false);
    configuration.setMessageCounterEnabled(false);
    configuration.setMaxDiskUsage(settings.maxDiskUsage());
    configuration.setGlobalMaxSize(settings.memory());
    configuration.setSecurityEnabled(true);
    configuration.setClusterUser(UUID.randomUUID().toString());
    configuration.setClusterPassword(UUID.randomUUID().toString());
    // Each client says by its own setting how long it may be silent.
    configuration.setConnectionTtlCheckInterval(
        Math.clamp(settings.lostAfter().toMillis() / 4, 250, 2_000));
    // It would halt the process on a disk that is slow for a moment; supervision is ours.
    configuration.setCriticalAnalyzer(false);
    configuration.putSecurityRoles(
        "#",
        Set.of(
            new Role(
                ROLE, true, true, true, true, true, true, true, true, true, true, false, false)));
    configuration.addAddressSetting(
        "#",
        new AddressSettings()
            // Attempts are counted, and dead letters written, by those who handle.
            .setMaxDeliveryAttempts(-1)
            // Never used by us; without them each new queue is told with two warnings.
            .setDeadLetterAddress(SimpleString.of("broker.undeliverable"))
            .setExpiryAddress(SimpleString.of("broker.expired"))
            .setRedeliveryDelay(0)
            .setAutoDeleteQueues(false)
            .setAutoDeleteAddresses(false)
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
            .setDefaultConsumerWindowSize(0)
            // As many groups as anybody names, in a map that does not grow with them. No rebalance:
            // it would take a group away from a receiver in the middle of a message. Receivers let
            // go of their groups between two messages instead.
            .setDefaultGroupBuckets(GROUP_BUCKETS));
    configuration.addAcceptorConfiguration(
        new TransportConfiguration(
            NettyAcceptorFactory.class.getName(),
            Map.of(
                "host",
                settings.host(),
                "port",
                settings.port(),
                "protocols",
                "CORE,AMQP",
                "amqpIdleTimeout",
                settings.lostAfter().toMillis(),
                "useEpoll",
                false,
                "useKQueue",
                false),
            ACCEPTOR));
    configuration.addAcceptorConfiguration(
        new TransportConfiguration(
            InVMAcceptorFactory.class.getName(), Map.of("serverId", number), "inside"));
    return configuration;
  }

  private static final class Started implements Running {

    private final ActiveMQServer server;
    private final Settings settings;
    private final int number;
    private final int port;

    Started(ActiveMQServer server, Settings settings, int number) {
      this.server = server;
      this.settings = settings;
      this.number = number;
      NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor(ACCEPTOR);
      this.port = acceptor.getActualPort();
    }

    @Override
    public BrokerAddress here() {
      return at("vm://" + number);
    }

    @Override
    public BrokerAddress there() {
      String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
      return at("tcp://" + host + ":" + port);
    }

    private BrokerAddress at(String url) {
      return new BrokerAddress(url, settings.user(), settings.password(), settings.lostAfter());
    }

    @Override
    public String problem() {
      if (!server.isActive()) {
        return "the broker has ended: " + server.getState();
      }
      return server.getPagingManager().isDiskFull()
          ? "the disk of "
              + settings.folder()
              + " is fuller than "
              + settings.maxDiskUsage()
              + " %, senders wait; make room"
          : "";
    }

    @Override
    public void close() {
      try {
        server.stop();
      } catch (Exception e) {
        throw new IllegalStateException("The broker did not stop in order: " + e, e);
      }
    }
  }
}
