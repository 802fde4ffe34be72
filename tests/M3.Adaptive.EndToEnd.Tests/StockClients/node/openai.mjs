// Makes calls with the package openai and prints one JSON object: what each came to.
// usage: node openai.mjs ADDRESS MODEL PICTURE
import fs from 'fs';
import OpenAI from 'openai';

const [address, model, picture] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'any' });
const url = `data:image/png;base64,${fs.readFileSync(picture, 'base64')}`;
const request = (detail, further = {}, ofPart = {}) => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'what is it' }, { type: 'image_url', image_url: { url, detail }, ...ofPart }] }],
  max_tokens: 8,
  ...further,
});

async function plain(body) {
  const reply = await client.chat.completions.create(body);
  return { text: reply.choices[0].message.content, imageTokens: reply.usage.prompt_tokens_details.image_tokens, charged: reply.m3.charged_visual_tokens };
}

async function streamed(body) {
  const outcome = { text: '' };
  for await (const part of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })) {
    outcome.text += part.choices[0]?.delta?.content ?? '';
    if (part.usage) outcome.imageTokens = part.usage.prompt_tokens_details.image_tokens;
  }
  return outcome;
}

async function refused(body) {
  try {
    await plain(body);
    return {};
  } catch (fault) {
    return { status: fault.status, code: fault.code, param: fault.param };
  }
}

console.log(JSON.stringify({
  plain: await plain(request('low')),
  streamed: await streamed(request('low')),
  onThePart: await plain(request('high', {}, { max_visual_tokens: 20 })),
  contradiction: await refused(request('auto', { min_visual_tokens: 144, max_visual_tokens: 36 })),
  unknownModel: await refused({ ...request('auto'), model: 'gpt-4o' }),
}));
