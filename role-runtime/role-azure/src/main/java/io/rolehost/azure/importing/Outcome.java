package io.rolehost.azure.importing;

/** What became of an element or attribute. */
public sealed interface Outcome {

  /**
   * It means the same here.
   *
   * @param to where it went
   */
  record Mapped(String to) implements Outcome {}

  /**
   * It went somewhere and does not mean quite the same.
   *
   * @param to where it went
   * @param why what differs, and what to do about it
   */
  record Different(String to, String why) implements Outcome {}

  /**
   * It went nowhere.
   *
   * @param instead what to do
   */
  record NotMapped(String instead) implements Outcome {}
}
