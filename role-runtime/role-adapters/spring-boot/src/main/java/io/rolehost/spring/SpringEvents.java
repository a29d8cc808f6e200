package io.rolehost.spring;

import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Hears of an application from its first moment on. Found by Spring Boot through {@code
 * META-INF/spring.factories}; nobody else has a use for it.
 */
public final class SpringEvents implements ApplicationListener<ApplicationEvent>, Ordered {

  /** Called by Spring Boot. */
  public SpringEvents() {}

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public void onApplicationEvent(ApplicationEvent event) {
    if (event instanceof ApplicationStartingEvent starting) {
      SpringProgram.starting(starting.getSpringApplication(), starting.getArgs());
    } else {
      SpringProgram.current().ifPresent(program -> program.heard(event));
    }
  }
}
