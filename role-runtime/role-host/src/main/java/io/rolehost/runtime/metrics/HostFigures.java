package io.rolehost.runtime.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is measured of the host, read at each scrape on the thread that scrapes. Each method returns
 * at once and never throws.
 */
public interface HostFigures {

  /** Returns the full name of the state in capitals. */
  String state();

  /** Returns whether {@code /readyz} is 200. */
  boolean ready();

  /** Returns which start of the instance this is. */
  long incarnation();

  /** Returns how many busy leases are open. */
  int openLeases();

  /** Returns how many requests are being answered. */
  int inFlight();

  /** Returns how many tasks there are by the name of their state. */
  Map<String, Integer> tasksByState();

  /** Returns whether each health check is up, by its name. */
  Map<String, Boolean> checksUp();

  /**
   * Returns how many freezes cover the instance by the kind of their scope: {@code all}, {@code
   * deployment}, {@code role}, {@code instance}.
   */
  Map<String, Integer> freezesByScope();

  /** Returns how long any freeze has covered this incarnation, all times together. */
  Duration frozen();

  /** Returns the time since this incarnation began. */
  Duration uptime();

  /** Returns whether a stop was asked. */
  boolean stopRequested();

  /** Returns the time since a stop was asked; zero if none was. */
  Duration stopping();

  /** Returns how long the stop of the start before took; empty if that is not known. */
  Optional<Duration> lastStop();

  /** Returns with which code the start before ended; empty if that is not known. */
  OptionalInt lastExitCode();

  /**
   * Returns what the instance is: {@code deployment}, {@code role}, {@code instance}, {@code
   * build}.
   */
  Map<String, String> identity();
}
