package io.rolehost.jobs.engine;

/** What a broker is, where its protocol alone does not tell what it can do. */
public enum BrokerKind {
  /** What its address, or the first connection, tells. */
  AUTO,
  /** Apache Artemis. */
  ARTEMIS,
  /** Azure Service Bus. */
  SERVICEBUS,
  /** RabbitMQ. */
  RABBITMQ,
  /** One of which nothing is known but its protocol. */
  PLAIN
}
