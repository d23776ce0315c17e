/** Text that can be read on the page's own accent colour. */

/**
 * Black or white, whichever stands out more: one of them always does by 4.5 or more.
 *
 * @param {string} colour any that CSS knows @returns {string} empty where it is none
 */
export function readableOn(colour) {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen || !CSS.supports("color", colour)) return "";
  canvas.width = canvas.height = 1;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  const light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#fff" : "#000";
}

/** @param {number} value of 255 */
function linear(value) {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
