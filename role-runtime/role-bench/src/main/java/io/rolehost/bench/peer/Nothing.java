package io.rolehost.bench.peer;

/** What a bare JVM costs. */
public final class Nothing {

  private Nothing() {}

  /** Prints a line. */
  public static void main(String[] args) {
    System.out.println("nothing");
  }
}
