package io.rolehost.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Hears TERM, INT and HUP. By reflection: javac has a warning for {@code sun.misc.Signal} that
 * nothing can silence.
 */
final class StopSignals {

  private StopSignals() {}

  /** Calls {@code stop} with the name of each signal that comes, on a thread of the JVM's. */
  @SuppressWarnings("ReferenceEquality") // the identity of a proxy is what its equals means
  static void hear(Consumer<String> stop) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      for (String name : new String[] {"TERM", "INT", "HUP"}) {
        InvocationHandler invoked =
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    stop.accept("SIG" + name);
                    yield null;
                  }
                  case "equals" -> arguments != null && proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> "stop on SIG" + name;
                };
        handle.invoke(
            null,
            signal.getConstructor(String.class).newInstance(name),
            Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(), new Class<?>[] {handler}, invoked));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This JVM can't handle signals", e);
    }
  }
}
