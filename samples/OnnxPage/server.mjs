// A page on which onnxruntime-node classifies pictures:  node server.mjs model.onnx [port]
import { createServer } from "node:http";
import ort from "onnxruntime-node";

const [model, port = "8080"] = process.argv.slice(2);
if (!model || !/^\d+$/.test(port)) {
  console.error("usage: node server.mjs model.onnx [port]");
  process.exit(2);
}

// What the network of samples/ResNet20Cifar was trained on.
const classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const mean = [0.4914, 0.4822, 0.4465], deviation = [0.247, 0.2435, 0.2616];
const session = await ort.InferenceSession.create(model);
const [, channels, height, width] = session.inputMetadata[0].shape;
if (channels !== 3) {
  console.error(`${model} takes ${session.inputMetadata[0].shape}; this page shows pictures to networks of [batch, 3, height, width].`);
  process.exit(2);
}

// Red, green, blue and opacity of each pixel, as a canvas has them, become three planes of normalised numbers.
async function classify(pixels) {
  const size = width * height, planes = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < size; i++) {
      planes[channel * size + i] = (pixels[4 * i + channel] / 255 - mean[channel]) / deviation[channel];
    }
  }
  const input = new ort.Tensor("float32", planes, [1, 3, height, width]);
  const results = await session.run({ [session.inputNames[0]]: input });
  const scores = Array.from(results[session.outputNames[0]].data);
  const best = scores.indexOf(Math.max(...scores));
  return { best: classes[best] ?? `class ${best}`, scores };
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Which class?</title>
<style>body { font: 16px sans-serif; margin: 2em } canvas { width: 256px; image-rendering: pixelated; border: 1px solid #888 }</style>
<h1>Which class?</h1><p><input type="file" accept="image/*"></p><canvas width="${width}" height="${height}"></canvas><p id="answer">Choose a
picture.</p><script>
const drawing = document.querySelector("canvas").getContext("2d"), answer = document.querySelector("#answer");
document.querySelector("input").onchange = async event => {
  drawing.drawImage(await createImageBitmap(event.target.files[0]), 0, 0, ${width}, ${height});
  const pixels = drawing.getImageData(0, 0, ${width}, ${height}).data;
  const response = await fetch("/classify", { method: "POST", body: pixels });
  answer.textContent = response.ok ? (await response.json()).best : await response.text();
};</script>`;

createServer(async (request, response) => {
  try {
    if (request.method === "POST" && request.url === "/classify") {
      const parts = [];
      let length = 0;
      for await (const part of request) {
        length += part.length;
        if (length > 4 * width * height) break;
        parts.push(part);
      }
      if (length !== 4 * width * height) {
        response.writeHead(400).end(`A picture has ${4 * width * height} bytes here.`);
        return;
      }
      const result = await classify(Buffer.concat(parts));
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(result));
    } else if (request.url === "/") {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
    } else {
      response.writeHead(404).end();
    }
  } catch (fault) {
    response.writeHead(500).end(String(fault));
  }
}).listen(Number(port), "127.0.0.1", function () {
  console.log(`${model} on http://127.0.0.1:${this.address().port}/`);
});
