package io.rolehost.runtime.management;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who asked for something, as a node tells the role host that it hands the request on to. Pure.
 *
 * @param right that the one who asked has shown to the node
 * @param address of their end of the connection
 */
public record Caller(Right right, String address) {

  /**
   * The header in which it is told. A host believes it from who shows the token it left in run/.
   */
  public static final String HEADER = "Rolehost-Caller";

  private static final int MOST = 80;

  /** Returns the value of the header. */
  public String header() {
    return right.text() + " " + address;
  }

  /** Reads the header; empty if it is not there once, or says nothing that a node would. */
  static Optional<Caller> of(List<String> headers) {
    if (headers.size() != 1) {
      return Optional.empty();
    }
    String[] parts = headers.getFirst().strip().split(" ", 2);
    for (Right right : Right.values()) {
      if (parts.length == 2
          && parts[0].equals(right.name().toLowerCase(Locale.ROOT))
          && parts[1].length() <= MOST) {
        return Optional.of(new Caller(right, parts[1]));
      }
    }
    return Optional.empty();
  }
}
