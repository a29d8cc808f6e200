package io.rolehost.runtime.management;

import io.netty.util.NetUtil;
import io.rolehost.runtime.management.Route.Side;
import io.rolehost.runtime.management.Route.Verb;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may ask for what. Pure; the order of the checks is that of {@link #decide}. */
final class RequestRules {

  private static final String SCHEME = "bearer ";
  private static final Pattern PORT = Pattern.compile("\\d{0,5}");

  private final Set<String> allowedHosts;
  private final byte[] token;
  private final Side side;

  /**
   * Creates the rules.
   *
   * @param allowedHosts names beside addresses and {@code localhost}
   * @param token what a guarded verb needs; if blank, none gets through
   * @param side whose paths there are
   */
  RequestRules(List<String> allowedHosts, String token, Side side) {
    this.side = side;
    Set<String> names = new HashSet<>();
    names.add("localhost");
    for (String name : allowedHosts) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    this.allowedHosts = Set.copyOf(names);
    this.token = token.strip().getBytes(StandardCharsets.UTF_8);
  }

  /** What comes of a request. */
  sealed interface Decision {
    /** To be answered by the host. */
    record Serve(Route route, Verb verb) implements Decision {}

    /** Answered already. */
    record Refuse(Answer answer) implements Decision {}
  }

  Decision decide(Request request) {
    Optional<Route> route = Route.at(request.path(), side);
    if (request.hosts().size() > 1) {
      return refuse(400, "There is more than one Host header. Send one.");
    }
    if (route.isEmpty() || !route.get().anyHost()) {
      if (request.hosts().isEmpty() && !request.legacy()) {
        return refuse(400, "There is no Host header. HTTP/1.1 asks for one.");
      }
      String host = request.hosts().isEmpty() ? "" : request.hosts().getFirst();
      if (!mayBeCalled(host)) {
        return refuse(
            421,
            (host.isEmpty()
                    ? "There is no name in a Host header, and only probes and /metrics need none."
                    : "This plane does not answer to the Host '" + shorten(host) + "'.")
                + " Ask by address, as localhost, or add the name to"
                + " rolehost.management.allowed-hosts.");
      }
    }
    if (route.isEmpty()) {
      return refuse(404, "There is nothing at " + shorten(request.path()) + ". GET / has links.");
    }
    Route found = route.get();
    Optional<Verb> verb = found.verb(request.method());
    if (verb.isEmpty()) {
      String detail =
          found.path() + " takes " + found.allow() + ", not " + shorten(request.method()) + ".";
      return new Decision.Refuse(Answer.problem(405, detail).with("Allow", found.allow()));
    }
    if (found.needsToken(verb.get()) && !hasToken(request.authorization())) {
      return new Decision.Refuse(
          Answer.problem(
                  401,
                  request.authorization().isPresent()
                      ? "The token is not the one of this "
                          + owner()
                          + ". It is in its run directory, or what rolehost.management.token sets."
                      : "Send Authorization: Bearer <token>. The token is in the run directory of"
                          + " the "
                          + owner()
                          + ", or what rolehost.management.token sets.")
              .with("WWW-Authenticate", "Bearer"));
    }
    return new Decision.Serve(found, verb.get());
  }

  /** Returns whether {@code host} is an address or an allowed name, with or without a port. */
  boolean mayBeCalled(String host) {
    String name = host.strip();
    if (name.startsWith("[")) {
      int end = name.indexOf(']');
      return end > 0
          && NetUtil.isValidIpV6Address(name.substring(1, end))
          && isPort(name.substring(end + 1));
    }
    int colon = name.indexOf(':');
    if (colon >= 0 && colon != name.lastIndexOf(':')) {
      // Not what RFC 3986 asks for, but what people type.
      return NetUtil.isValidIpV6Address(name);
    }
    if (colon >= 0) {
      if (!isPort(name.substring(colon))) {
        return false;
      }
      name = name.substring(0, colon);
    }
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    return NetUtil.isValidIpV4Address(name) || allowedHosts.contains(name.toLowerCase(Locale.ROOT));
  }

  private String owner() {
    return switch (side) {
      case HOST -> "instance";
      case NODE -> "node";
    };
  }

  private boolean hasToken(Optional<String> authorization) {
    if (token.length == 0 || authorization.isEmpty()) {
      return false;
    }
    String value = authorization.get();
    if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] given = value.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    // Takes the same time wherever the two differ.
    return MessageDigest.isEqual(given, token);
  }

  private static boolean isPort(String rest) {
    return rest.isEmpty() || (rest.startsWith(":") && PORT.matcher(rest.substring(1)).matches());
  }

  private static Decision refuse(int status, String detail) {
    return new Decision.Refuse(Answer.problem(status, detail));
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
