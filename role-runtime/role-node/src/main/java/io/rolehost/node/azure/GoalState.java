package io.rolehost.node.azure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a node wants the processes of an instance to be.
 *
 * @param incarnation from 1; one more with each change
 * @param stopBy until when they are to have ended; empty = they are to run
 * @param environment where the environment document is
 */
public record GoalState(long incarnation, Optional<Instant> stopBy, String environment) {
  private static final String VERSION = "2011-03-08";
  private static final String NEVER = "9999-12-31T23:59:59.9999999";

  /**
   * Returns what a client reads first.
   *
   * @param goalStates where it reads goal states then
   */
  public static byte[] discovery(String goalStates) {
    return (Markup.HEAD
            + "<RuntimeServerDiscovery><RuntimeServerEndpoints><RuntimeServerEndpoint"
            + Markup.attribute("version", VERSION)
            + Markup.attribute("path", goalStates)
            + "/></RuntimeServerEndpoints></RuntimeServerDiscovery>\n")
        .getBytes(US_ASCII);
  }

  /**
   * Returns it as a stream has it: behind its length, before a line end.
   *
   * @param currentState where the reader of this stream writes how it is
   */
  public byte[] frame(String currentState) {
    String document =
        Markup.HEAD
            + "<GoalState><Incarnation>"
            + incarnation
            + "</Incarnation><ExpectedState>"
            + (stopBy.isPresent() ? "Stopped" : "Started")
            + "</ExpectedState><RoleEnvironmentPath>"
            + Markup.escape(environment)
            + "</RoleEnvironmentPath><CurrentStateEndpoint>"
            + Markup.escape(currentState)
            + "</CurrentStateEndpoint><Deadline>"
            + stopBy.map(Instant::toString).orElse(NEVER)
            + "</Deadline></GoalState>";
    return String.format(Locale.ROOT, "%x\r\n%s\r\n", document.length(), document)
        .getBytes(US_ASCII);
  }
}
