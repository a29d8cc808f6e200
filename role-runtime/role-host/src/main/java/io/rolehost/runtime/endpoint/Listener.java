package io.rolehost.runtime.endpoint;

import java.util.Optional;

/** What listens for an endpoint: the host's own or a server of the role's. */
sealed interface Listener permits HttpListener, ForeignListener {

  /** Binds and accepts; returns the port really bound. */
  int open(String host, int port) throws Exception;

  /** From now on clients are asked to leave. */
  void drain();

  /** Returns how many requests are being served, or may still come from who is connected. */
  int inFlight();

  /** Returns the tick at which the last request came; the opening counts as one. */
  long lastRequest();

  /** Returns how many requests came, or -1 if that is not known. */
  long served();

  /** Returns a sentence if it stopped listening without being told to. */
  Optional<String> death();

  /** Accepts no more, and returns soon; what is in flight goes on. */
  void closeListener();

  /** Ends whatever is left. */
  void close();

  /** A thread will never come back: if it serves a request, that request counts as ended. */
  void threadEnded(Thread thread);
}
