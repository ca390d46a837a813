// Command peer is contracts/go/contract.go as a receiver and as a sender.
package main

import (
	"bufio"
	"bytes"
	"contract"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

type vector struct {
	ID      string
	Key     []byte  `json:"key_base64"`
	KeyID   *string `json:"key_id"`
	Method  string
	Target  string
	Headers [][2]string
	Payload []byte `json:"payload_base64"`
	Now     int64
}

type request struct {
	Method  string
	Target  string
	Origin  string
	Payload []byte
	Sent    []byte
}

type call struct {
	Operation string
	Path      string
	Name      string
	Address   string
	Requests  []request
}

var (
	folder    = os.Args[1]
	keys      = []contract.Key{{Secret: []byte("test-shared-secret"), ID: "client-1"}}
	contracts = map[string]*contract.Contract{}
	lock      sync.Mutex
)

func main() {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		asked := call{}
		answer := map[string]any{}
		result, err := any(nil), json.Unmarshal(line, &asked)
		if err == nil {
			result, err = map[string]func(call) (any, error){"vectors": vectors, "listen": listen, "send": send}[asked.Operation](asked)
		}
		if err == nil {
			answer["result"] = result
		} else {
			answer["error"] = err.Error()
		}
		text, _ := json.Marshal(answer)
		os.Stdout.Write(append(text, '\n'))
	}
}

func contractOf(name string) (*contract.Contract, error) {
	lock.Lock()
	defer lock.Unlock()
	if known := contracts[name]; known != nil {
		return known, nil
	}
	loaded, err := contract.Load(folder + "/" + name + ".json")
	contracts[name] = loaded
	return loaded, err
}

func resultOf(err error) string {
	var rejected *contract.Rejected
	switch {
	case err == nil:
		return "valid"
	case errors.As(err, &rejected):
		return rejected.Reason
	default:
		return "error: " + err.Error()
	}
}

func vectors(asked call) (any, error) {
	c, err := contract.Load(asked.Path)
	if err != nil {
		return nil, err
	}
	var all []vector
	if err := json.Unmarshal(c.Vectors, &all); err != nil {
		return nil, err
	}
	results := map[string]string{}
	for _, v := range all {
		key := contract.Key{Secret: v.Key}
		if v.KeyID != nil {
			key.ID = *v.KeyID
		}
		_, err := c.Verify([]contract.Key{key}, v.Payload, contract.Request{Method: v.Method, Target: v.Target, Headers: v.Headers}, v.Now)
		results[v.ID] = resultOf(err)
	}
	return results, nil
}

func listen(call) (any, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(r.Body)
		var c *contract.Contract
		if err == nil {
			c, err = contractOf(r.Header.Get("X-Contract"))
		}
		if err == nil {
			received := contract.Request{Method: r.Method, Target: r.Header.Get("X-Origin") + r.RequestURI, Headers: contract.PairsOf(r)}
			_, err = c.Verify(keys, payload, received, time.Now().Unix())
		}
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
		io.WriteString(w, resultOf(err))
	}))
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// send gives the statuses of signed requests; those to be forged are changed after they were signed.
func send(asked call) (any, error) {
	c, err := contractOf(asked.Name)
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 10 * time.Second}
	var statuses []int
	for _, r := range asked.Requests {
		headers, err := c.Sign(keys, r.Payload, contract.Request{Method: r.Method, Target: r.Origin + r.Target})
		if err != nil {
			return nil, err
		}
		// As it stands: Go would write some paths otherwise.
		path, query, marked := strings.Cut(r.Target, "?")
		to := &url.URL{Scheme: "http", Host: asked.Address, Opaque: path, RawQuery: query, ForceQuery: marked}
		out := &http.Request{Method: r.Method, URL: to, Host: asked.Address, Header: http.Header{}, ContentLength: int64(len(r.Sent))}
		out.Body = io.NopCloser(bytes.NewReader(r.Sent))
		for _, pair := range append(headers, [2]string{"X-Contract", asked.Name}, [2]string{"X-Origin", r.Origin}) {
			out.Header.Set(pair[0], pair[1])
		}
		answer, err := client.Do(out)
		if err != nil {
			return nil, err
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		statuses = append(statuses, answer.StatusCode)
	}
	return statuses, nil
}
