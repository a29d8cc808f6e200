package io.rolehost.runtime.management;

import io.netty.util.NetUtil;
import io.rolehost.runtime.management.Route.Side;
import io.rolehost.runtime.management.Route.Verb;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may ask for what. Pure; the order of the checks is that of {@link #decide}. */
final class RequestRules {

  private static final Pattern PORT = Pattern.compile("\\d{0,5}");

  private final Set<String> allowedHosts;
  private final ManagementTokens tokens;
  private final Side side;

  /**
   * Creates the rules.
   *
   * @param allowedHosts names beside addresses and {@code localhost}
   * @param tokens what gives which right
   * @param side whose paths there are
   */
  RequestRules(List<String> allowedHosts, ManagementTokens tokens, Side side) {
    this.side = side;
    Set<String> names = new HashSet<>();
    names.add("localhost");
    for (String name : allowedHosts) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    this.allowedHosts = Set.copyOf(names);
    this.tokens = tokens;
  }

  /** What comes of a request. */
  sealed interface Decision {
    /**
     * To be answered by the host.
     *
     * @param right that the one who asks has shown
     * @param mayRead whether they may look, by that right or because anybody may
     * @param caller for whom they ask, if they are believed
     */
    record Serve(Route route, Verb verb, Right right, boolean mayRead, Optional<Caller> caller)
        implements Decision {}

    /**
     * Answered already.
     *
     * @param kept what somebody tried who may not, which is written down; empty = nothing of note
     */
    record Refuse(Answer answer, Optional<Attempt> kept) implements Decision {}

    /** Somebody tried to write, or to see what is guarded. */
    record Attempt(Route route, Verb verb, Right right) {}
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
      return new Decision.Refuse(
          Answer.problem(405, detail).with("Allow", found.allow()), Optional.empty());
    }
    return admit(found, verb.get(), request);
  }

  private Decision admit(Route route, Verb verb, Request request) {
    Optional<Answer> refusal = verb.writes() ? CrossSite.refusal(request) : Optional.empty();
    Right right = Right.NONE;
    Optional<Caller> caller = Optional.empty();
    if (refusal.isEmpty() && request.authorization().size() > 1) {
      refusal =
          Optional.of(
              Answer.problem(400, "There is more than one Authorization header. Send one."));
    }
    if (refusal.isEmpty()) {
      ManagementTokens.Shown shown = tokens.shown(request.authorization());
      right = shown.right();
      caller = shown.run() ? Caller.of(request.callers()) : Optional.empty();
      refusal = refusal(route, verb, shown, tokens.readingIsFree(), owner());
    }
    return refusal.isEmpty()
        ? new Decision.Serve(
            route, verb, right, tokens.readingIsFree() || right.includes(Right.READ), caller)
        : new Decision.Refuse(refusal.get(), Optional.of(new Decision.Attempt(route, verb, right)));
  }

  /**
   * Returns why somebody may not do something, or empty if they may.
   *
   * @param readingIsFree whether no read token is set
   * @param owner of the plane, for the sentence
   */
  static Optional<Answer> refusal(
      Route route, Verb verb, ManagementTokens.Shown shown, boolean readingIsFree, String owner) {
    Right needed = route.needs(verb);
    if (shown.right().includes(needed) || (needed == Right.READ && readingIsFree)) {
      return Optional.empty();
    }
    String asked = verb + " " + route.path() + " needs the right '" + needed.text() + "'";
    if (shown.right() != Right.NONE) {
      return Optional.of(
          Answer.problem(
              403,
              asked
                  + ", and this token gives '"
                  + shown.right().text()
                  + "'. "
                  + givenBy(needed, owner)));
    }
    return Optional.of(
        Answer.problem(
                401,
                asked
                    + (shown.any()
                        ? ", and what was sent is no token of this " + owner + ". "
                        : ". Send Authorization: Bearer <token>. ")
                    + givenBy(needed, owner))
            .with("WWW-Authenticate", "Bearer"));
  }

  private static String givenBy(Right needed, String owner) {
    String set =
        switch (needed) {
          case NONE, ADMIN -> "";
          case READ -> "rolehost.management.read-token, rolehost.management.operate-token or ";
          case OPERATE -> "rolehost.management.operate-token or ";
        };
    return "It is given by what "
        + set
        + "rolehost.management.token sets, else by the token in the run directory of the "
        + owner
        + ".";
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

  private static boolean isPort(String rest) {
    return rest.isEmpty() || (rest.startsWith(":") && PORT.matcher(rest.substring(1)).matches());
  }

  private static Decision refuse(int status, String detail) {
    return new Decision.Refuse(Answer.problem(status, detail), Optional.empty());
  }

  static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
