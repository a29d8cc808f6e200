package io.rolehost.spring;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.Ordered;

/** Counts the requests of a servlet application, and asks clients to leave while it drains. */
final class ServletRequests implements Filter, Ordered {
  private final OpenRequests requests;

  ServletRequests(OpenRequests requests) {
    this.requests = requests;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (requests.draining()
        && request.getProtocol().startsWith("HTTP/1")
        && response instanceof HttpServletResponse http) {
      http.setHeader("Connection", "close");
    }
    if (request instanceof HttpServletRequest http && !requests.counts(http.getRequestURI())) {
      chain.doFilter(request, response);
      return;
    }
    requests.begin();
    try {
      chain.doFilter(request, response);
    } finally {
      endWith(request);
    }
  }

  private void endWith(ServletRequest request) {
    if (request.isAsyncStarted()) {
      try {
        request.getAsyncContext().addListener(new End());
        return;
      } catch (IllegalStateException completedMeanwhile) {
        // It has ended, as one that was never handed over.
      }
    }
    requests.end();
  }

  /** The end of a request that goes on after its thread has left. */
  private final class End implements AsyncListener {
    private final AtomicBoolean ended = new AtomicBoolean();

    private void end() {
      if (ended.compareAndSet(false, true)) {
        requests.end();
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // What is done about it completes it.
    }

    @Override
    public void onError(AsyncEvent event) {
      // As well.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this); // else this cycle's listeners are gone
    }
  }
}
