package io.rolehost.runtime.management;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routing table: which paths a role host and a node have, who may ask, and where the answer is
 * made.
 */
enum Route {
  LIVEZ("/livez", Kind.PROBE, List.of(Verb.GET), List.of()),
  READYZ("/readyz", Kind.PROBE, List.of(Verb.GET), List.of()),
  STARTUPZ("/startupz", Kind.PROBE, List.of(Verb.GET), List.of()),
  METRICS("/metrics", Kind.SCRAPE, List.of(Verb.GET), List.of()),
  STATUS("/status", Kind.WORKER, List.of(Verb.GET), List.of()),
  EXPLAIN("/explain", Kind.WORKER, List.of(Verb.GET), List.of()),
  EVENTS("/events", Kind.STREAM, List.of(Verb.GET), List.of()),
  THREADS("/threads", Kind.WORKER, List.of(Verb.GET), List.of(Verb.GET), Side.HOST),
  FREEZE(
      "/freeze",
      Kind.WORKER,
      List.of(Verb.GET, Verb.PUT, Verb.DELETE),
      List.of(Verb.PUT, Verb.DELETE)),
  TASK("/task", Kind.WORKER, List.of(Verb.POST), List.of(Verb.POST), Side.HOST),
  OPERATIONS(
      "/operations/", Kind.WORKER, List.of(Verb.GET, Verb.POST), List.of(Verb.POST), Side.HOST),
  RECYCLE("/recycle", Kind.COMMAND, List.of(Verb.POST), List.of(Verb.POST), Side.HOST),
  RESTART("/restart", Kind.WORKER, List.of(Verb.POST), List.of(Verb.POST), Side.NODE),
  STOP("/stop", Kind.COMMAND, List.of(Verb.POST), List.of(Verb.POST)),
  PAGE("/", Kind.WORKER, List.of(Verb.GET), List.of());

  /** Whose plane it is. */
  enum Side {
    HOST,
    NODE;

    static Side of(Managed managed) {
      return switch (managed) {
        case HostView _ -> HOST;
        case NodeView _ -> NODE;
      };
    }
  }

  /** A method that some route knows. HEAD is looked up as GET. */
  enum Verb {
    GET,
    PUT,
    POST,
    DELETE
  }

  /** How a route is answered. */
  enum Kind {
    /** On the plane's own thread, and for whoever asks by whatever name. */
    PROBE,
    /** As a probe, but on a worker: a user's gauge may take its time. */
    SCRAPE,
    /** On a worker. */
    WORKER,
    /** On the plane's own thread, so that it gets through when the workers are stuck. */
    COMMAND,
    /** Never ends. */
    STREAM
  }

  private static final List<Route> ALL = List.of(values());
  private static final Map<Route, String> ALLOW = new EnumMap<>(Route.class);

  static {
    for (Route route : values()) {
      StringBuilder allow = new StringBuilder();
      for (Verb verb : route.verbs) {
        allow.append(allow.isEmpty() ? "" : ", ").append(verb);
        if (verb == Verb.GET) {
          allow.append(", HEAD");
        }
      }
      ALLOW.put(route, allow.toString());
    }
  }

  private final String path;
  private final Kind kind;

  // Collections that can't be changed, which the type can't say.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Verb> verbs;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Verb> guarded;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Side> sides;

  Route(String path, Kind kind, List<Verb> verbs, List<Verb> guarded, Side... sides) {
    this.path = path;
    this.kind = kind;
    this.verbs = verbs;
    this.guarded = guarded;
    this.sides = Set.of(sides.length == 0 ? Side.values() : sides);
  }

  /** Returns the route of a path, if that side has it. */
  static Optional<Route> at(String path, Side side) {
    for (Route route : ALL) {
      if (route.has(path) && route.sides.contains(side)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /** What the role has named stands behind the path. */
  private boolean has(String asked) {
    return this == OPERATIONS
        ? asked.startsWith(path) && asked.length() > path.length()
        : asked.equals(path);
  }

  /** Returns what stands behind the path of this route. */
  String rest(String asked) {
    return asked.substring(path.length());
  }

  String path() {
    return path;
  }

  Kind kind() {
    return kind;
  }

  /** Returns whether any {@code Host} will do, none included. */
  boolean anyHost() {
    return kind == Kind.PROBE || kind == Kind.SCRAPE;
  }

  /** Returns the verb of a method's name, if this route takes it. */
  Optional<Verb> verb(String method) {
    String name = method.equals("HEAD") ? "GET" : method;
    for (Verb verb : verbs) {
      if (verb.name().equals(name)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  boolean needsToken(Verb verb) {
    return guarded.contains(verb);
  }

  /** Returns the value of the {@code Allow} header. */
  String allow() {
    return ALLOW.getOrDefault(this, "");
  }
}
